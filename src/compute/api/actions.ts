// `/action` routes of resources other than servers: one key in the body says what to do, a table what that is.
import { isObject } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import { bodyMessage, validator } from '../../platform/http/validate.ts'
import type { ComputeCall, ComputeHandler } from './call.ts'

export interface ResourceAction {
  readonly body: object
  readonly handler: ComputeHandler
}

/**
 * The handler of an `/action` route. No body, or not exactly one key: 400 Malformed request body; JSON that is no
 * object: 404; an unknown key: 400 (facts: faults.md §1.1).
 */
export function actionOf(actions: Readonly<Record<string, ResourceAction>>): ComputeHandler {
  const known = new Map(Object.entries(actions))
  return (call: ComputeCall) => {
    if (call.body === undefined) throw fault('MalformedBody')
    if (!isObject(call.body)) throw fault('RouteNotFound')
    const names = Object.keys(call.body)
    if (names.length !== 1) throw fault('MalformedBody')
    const action = known.get(names[0]!) // one name, checked above
    if (!action) throw fault('NoSuchAction', { action: names[0] })
    const invalid = validator(action.body)(call.body)
    if (invalid) throw fault('InvalidInput', { reason: bodyMessage(invalid), invalid })
    return action.handler(call)
  }
}
