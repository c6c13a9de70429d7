// oslo.log's JSON formatter: one object a line, keys in its order, so that Logstash and Filebeat take it as it is.
import { hostname } from 'node:os'
import { levels } from './levels.ts'
import type { LogContext, LogRecord } from './log.ts'
import { errorLines, errorSummary, stamp } from './oslo-text.ts'

const startedAt = Date.now()
const host = hostname()

export function formatJson(record: LogRecord): string {
  const { error } = record
  const summarised = record.summary ?? error
  const [, funcname = null, pathname = null, lineno] = /^(.*) (\S+):(\d+)$/.exec(record.place ?? '') ?? []
  const filename = pathname?.slice(pathname.lastIndexOf('/') + 1) ?? null
  return `${JSON.stringify({
    message: record.message,
    asctime: stamp(record.at).slice(0, 19),
    name: record.logger,
    msg: record.message,
    args: null,
    levelname: record.level,
    levelno: levels[record.level],
    pathname,
    filename,
    module: filename?.replace(/\.\w+$/, '') ?? null,
    lineno: lineno === undefined ? null : Number(lineno),
    funcname,
    created: record.at / 1000,
    msecs: record.at % 1000,
    relative_created: record.at - startedAt,
    thread: null,
    thread_name: null,
    process_name: 'faultline',
    process: process.pid,
    traceback: error === undefined ? null : errorLines(error).join('\n'),
    hostname: host,
    error_summary:
      summarised !== undefined && levels[record.level] >= levels.WARNING ? errorSummary(summarised) : '',
    context: record.context ? contextObject(record.context) : {},
    extra: record.server === undefined ? {} : { instance: record.server },
  })}\n`
}

// oslo.context's to_dict with names; the token is never known here.
function contextObject(context: LogContext): object {
  const { auth } = context
  return {
    user: auth?.userId ?? null,
    user_id: auth?.userId ?? null,
    project: auth?.project?.id ?? null,
    project_id: auth?.project?.id ?? null,
    domain: auth?.domain?.id ?? null,
    user_domain: auth?.userDomain.id ?? null,
    project_domain: auth?.project?.domain.id ?? null,
    system_scope: auth?.systemScope ?? null,
    is_admin: auth?.isAdmin ?? false,
    is_admin_project: true,
    read_only: false,
    show_deleted: false,
    auth_token: auth ? '***' : null,
    request_id: context.requestId,
    global_request_id: context.globalRequestId,
    resource_uuid: null,
    roles: auth?.roles ?? [],
    user_identity: auth?.identity ?? '- - - - -',
    user_name: auth?.userName ?? null,
    project_name: auth?.project?.name ?? null,
    user_domain_name: auth?.userDomain.name ?? null,
    project_domain_name: auth?.project?.domain.name ?? null,
  }
}
