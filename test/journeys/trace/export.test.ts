// `up --otlp URL`: every operation that ends is sent to a collector, and a collector that fails stops nothing.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { startTestCloud } from '../../support/cloud.ts'

interface Span {
  readonly name: string
  readonly traceId: string
  readonly status?: { readonly code?: number; readonly message?: string }
}

/** A collector that answers `status`, and what it was sent. */
async function collector(status: number) {
  const spans: Span[] = []
  const paths: string[] = []
  const server = createServer(async (request, response) => {
    paths.push(request.url ?? '')
    const body = JSON.parse(await text(request)) as {
      resourceSpans: { scopeSpans: { spans: Span[] }[] }[]
    } // the shape OTLP/HTTP has
    for (const resource of body.resourceSpans)
      for (const scope of resource.scopeSpans) spans.push(...scope.spans)
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    paths,
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  }
}

test('a create and a resize without a host arrive as two traces, the second failed', async () => {
  const to = await collector(200)
  {
    await using cloud = await startTestCloud({ otlpUrl: to.url })
    const server = await cloud.server({ name: 'vm1' })
    await cloud.act(server, { resize: { flavorRef: '2' } })
  }
  await to.close()
  assert.deepEqual([...new Set(to.paths)], ['/v1/traces'])
  const traces = Map.groupBy(to.spans, ({ traceId }) => traceId)
  assert.equal(traces.size, 2)
  const failed = [...traces.values()].filter(spans => spans.some(({ status }) => status?.code === 2))
  assert.equal(failed.length, 1)
  assert.ok(failed[0]?.some(({ name }) => /cold_migrate/.test(name)))
})

test('a collector that refuses stops neither the cloud nor its end', async () => {
  const to = await collector(400)
  {
    await using cloud = await startTestCloud({ otlpUrl: to.url })
    const server = await cloud.server({ name: 'vm1' })
    assert.equal((await cloud.show(server.id)).status, 'ACTIVE')
  }
  await to.close()
  assert.ok(to.paths.length > 0)
})
