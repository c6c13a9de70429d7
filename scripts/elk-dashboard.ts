// The dashboard as saved objects, in the form of Kibana 7.10: the last one that Kibana and OpenSearch Dashboards have in
// common. Later versions of both carry it forward when it is imported.
import type { FieldName } from '../src/tracer/ship/fields.ts'

interface SavedObject {
  readonly id: string
  readonly type: 'index-pattern' | 'visualization' | 'search' | 'dashboard'
  readonly attributes: Readonly<Record<string, unknown>>
  readonly references: readonly { readonly name: string; readonly type: string; readonly id: string }[]
  readonly migrationVersion: Readonly<Record<string, string>>
}

interface Aggregation {
  readonly type: string
  readonly schema: 'metric' | 'segment' | 'group' | 'bucket'
  readonly params: Readonly<Record<string, unknown>>
}

const count: Aggregation = { type: 'count', schema: 'metric', params: {} }
const overTime: Aggregation = {
  type: 'date_histogram',
  schema: 'segment',
  params: {
    field: '@timestamp' satisfies FieldName,
    interval: 'auto',
    useNormalizedEsInterval: true,
    drop_partials: false,
    min_doc_count: 1,
    extended_bounds: {},
  },
}

const terms = (
  field: FieldName,
  schema: Aggregation['schema'],
  size: number,
  orderBy: string,
  label: string,
): Aggregation => ({
  type: 'terms',
  schema,
  params: {
    field,
    size,
    order: 'desc',
    orderBy,
    otherBucket: false,
    missingBucket: false,
    customLabel: label,
  },
})

const metric = (
  type: string,
  field: FieldName,
  label: string,
  params: Readonly<Record<string, unknown>> = {},
) => ({ type, schema: 'metric', params: { field, customLabel: label, ...params } }) as const

const source = (query: string) =>
  JSON.stringify({
    query: { query, language: 'kuery' },
    filter: [],
    indexRefName: 'kibanaSavedObjectMeta.searchSourceJSON.index',
  })

export function dashboard(prefix: string): readonly SavedObject[] {
  const indexReference = {
    name: 'kibanaSavedObjectMeta.searchSourceJSON.index',
    type: 'index-pattern',
    id: prefix,
  }
  const visualization = (
    id: string,
    title: string,
    type: string,
    query: string,
    aggregations: readonly Aggregation[],
    params: Readonly<Record<string, unknown>>,
  ): SavedObject => ({
    id: `${prefix}-${id}`,
    type: 'visualization',
    attributes: {
      title,
      description: '',
      version: 1,
      uiStateJSON: '{}',
      visState: JSON.stringify({
        title,
        type,
        params,
        aggs: aggregations.map((one, at) => ({ id: String(at + 1), enabled: true, ...one })),
      }),
      kibanaSavedObjectMeta: { searchSourceJSON: source(query) },
    },
    references: [indexReference],
    migrationVersion: { visualization: '7.10.0' },
  })

  const parts: readonly SavedObject[] = [
    visualization(
      'outcomes',
      'Requests by outcome',
      'histogram',
      'outcome: *',
      [count, overTime, terms('outcome', 'group', 3, '1', 'Outcome')],
      stackedBars,
    ),
    visualization(
      'causes',
      'Causes over time',
      'histogram',
      'cause: *',
      [count, overTime, terms('cause', 'group', 10, '1', 'Cause')],
      stackedBars,
    ),
    visualization(
      'steps',
      'Slowest steps',
      'table',
      'took_ms: *',
      [
        metric('percentiles', 'took_ms', 'ms', { percents: [50, 95] }),
        metric('max', 'took_ms', 'Longest, ms'),
        count,
        terms('step', 'bucket', 25, '2', 'Step'),
        terms('service', 'bucket', 3, '2', 'Service'),
      ],
      {
        perPage: 10,
        showPartialRows: false,
        showMetricsAtAllLevels: false,
        showTotal: false,
        totalFunc: 'sum',
      },
    ),
    {
      id: `${prefix}-failures`,
      type: 'search',
      attributes: {
        title: 'Newest failures',
        description: '',
        version: 1,
        hits: 0,
        columns: [
          'service',
          'hostname',
          'cause',
          'message',
          'request_id',
          'instance_uuid',
        ] satisfies readonly FieldName[],
        sort: [['@timestamp' satisfies FieldName, 'desc']],
        kibanaSavedObjectMeta: {
          searchSourceJSON: source('outcome: failed or levelname: (ERROR or CRITICAL)'),
        },
      },
      references: [indexReference],
      migrationVersion: { search: '7.9.3' },
    },
  ]

  return [
    {
      id: prefix,
      type: 'index-pattern',
      attributes: { title: `${prefix}-*`, timeFieldName: '@timestamp' satisfies FieldName },
      references: [],
      migrationVersion: { 'index-pattern': '7.6.0' },
    },
    ...parts,
    {
      id: `${prefix}-requests`,
      type: 'dashboard',
      attributes: {
        title: 'OpenStack requests',
        description: 'What became of requests, why, and what was slow',
        version: 1,
        hits: 0,
        timeRestore: true,
        timeFrom: 'now-24h',
        timeTo: 'now',
        optionsJSON: JSON.stringify({ useMargins: true, hidePanelTitles: false }),
        panelsJSON: JSON.stringify(
          parts.map((_, at) => ({
            version: '7.10.0',
            panelIndex: String(at + 1),
            panelRefName: `panel_${at}`,
            gridData: { i: String(at + 1), ...places[at] },
            embeddableConfig: {},
          })),
        ),
        kibanaSavedObjectMeta: {
          searchSourceJSON: JSON.stringify({ query: { query: '', language: 'kuery' }, filter: [] }),
        },
      },
      references: parts.map(({ type, id }, at) => ({ name: `panel_${at}`, type, id })),
      migrationVersion: { dashboard: '7.9.3' },
    },
  ]
}

/** 48 columns wide. */
const places = [
  { x: 0, y: 0, w: 24, h: 12 },
  { x: 24, y: 0, w: 24, h: 12 },
  { x: 0, y: 12, w: 48, h: 14 },
  { x: 0, y: 26, w: 48, h: 18 },
]

const stackedBars = {
  type: 'histogram',
  addTooltip: true,
  addLegend: true,
  legendPosition: 'right',
  addTimeMarker: false,
  grid: { categoryLines: false },
  labels: { show: false },
  thresholdLine: { show: false, value: 10, width: 1, style: 'full', color: '#E7664C' },
  categoryAxes: [
    {
      id: 'CategoryAxis-1',
      type: 'category',
      position: 'bottom',
      show: true,
      style: {},
      scale: { type: 'linear' },
      labels: { show: true, filter: true, truncate: 100 },
      title: {},
    },
  ],
  valueAxes: [
    {
      id: 'ValueAxis-1',
      name: 'LeftAxis-1',
      type: 'value',
      position: 'left',
      show: true,
      style: {},
      scale: { type: 'linear', mode: 'normal' },
      labels: { show: true, rotate: 0, filter: false, truncate: 100 },
      title: { text: 'Count' },
    },
  ],
  seriesParams: [
    {
      show: true,
      type: 'histogram',
      mode: 'stacked',
      data: { label: 'Count', id: '1' },
      valueAxis: 'ValueAxis-1',
      drawLinesBetweenPoints: true,
      showCircles: true,
    },
  ],
}
