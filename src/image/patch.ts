// A JSON patch as Glance reads it: draft 10 (`op`, `path`) and draft 4 (the operation is the member's name). Only
// whole attributes can be named, so a change is an operation, a name, and a value. Pure: nothing is looked up here.
import { isObject } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import { checkPropertyName } from './create.ts'
import { checkAttributes } from './image.ts'
import { isReserved, readOnlyAttributes } from './schemas.ts'

const operations = ['add', 'remove', 'replace'] as const
type Operation = (typeof operations)[number]

export interface Change {
  readonly operation: Operation
  readonly name: string
  /** Checked against the schema; undefined with `remove`. */
  readonly value: unknown
  /** Draft 4 refuses to add what is already there. */
  readonly draft: 4 | 10
}

const drafts: Readonly<Record<string, 4 | 10>> = {
  'application/openstack-images-v2.0-json-patch': 4,
  'application/openstack-images-v2.1-json-patch': 10,
}

/** Reads the changes of a PATCH; the first thing wrong is refused. */
export function readPatch(contentType: string | undefined, body: unknown): Change[] {
  const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()
  const draft = drafts[type]
  if (draft === undefined)
    throw fault('ImagePatchType', { type }, { headers: { 'Accept-Patch': Object.keys(drafts).join(', ') } })
  if (body === undefined) throw fault('ImageBodyMissing')
  if (!Array.isArray(body)) throw fault('ImagePatchNotList')
  return body.map(raw => {
    if (!isObject(raw)) throw fault('ImagePatchNotObject')
    return draft === 10 ? readDraft10(raw) : readDraft4(raw)
  })
}

function readDraft10(raw: Readonly<Record<string, unknown>>): Change {
  const { op, path } = raw
  if (op === undefined || op === null) throw fault('ImagePatchNoOperation')
  const operation = operations.find(known => known === op)
  if (operation === undefined) throw fault('ImagePatchOperationUnknown', { operation: op })
  if (path === undefined) throw fault('ImagePatchNoPath')
  return readChange(raw, operation, path, 10)
}

function readDraft4(raw: Readonly<Record<string, unknown>>): Change {
  const named = operations.filter(operation => Object.hasOwn(raw, operation))
  if (named.length > 1) throw fault('ImagePatchOperationsMany')
  const operation = named[0]
  if (operation === undefined) throw fault('ImagePatchOperationMissing')
  return readChange(raw, operation, raw[operation], 4)
}

function readChange(
  raw: Readonly<Record<string, unknown>>,
  operation: Operation,
  pointer: unknown,
  draft: 4 | 10,
): Change {
  const path = readPointer(String(pointer))
  const name = path[0]!
  // Locations alone could be named by position; they are not shown here, so they cannot be changed either.
  if (name === 'locations') {
    if (operation === 'replace' && Array.isArray(raw.value) && raw.value.length === 0)
      throw fault('ImageLocationsEmpty')
    throw fault('ImageLocationsHidden', { operation: operation === 'replace' ? 'update' : operation })
  }
  if (path.length !== 1 || name === '') throw fault('ImagePointerTooDeep', { path: path.join('/') })
  const value = operation === 'remove' ? undefined : raw.value
  if (operation !== 'remove' && value === undefined) throw fault('ImagePatchNoValue', { operation })
  if (name === 'id' || readOnlyAttributes.has(name))
    throw fault('ImageAttributeReadOnly', { attribute: name })
  if (isReserved(name)) throw fault('ImageAttributeReserved', { attribute: name })
  if (operation !== 'remove') {
    checkAttributes(Object.fromEntries([[name, value]]))
    checkPropertyName(name)
  }
  return { operation, name, value, draft }
}

/** The limited JSON pointers of Glance: `/name`, with `~0` and `~1` for `~` and `/`. */
function readPointer(pointer: string): string[] {
  if (!pointer.startsWith('/')) throw fault('ImagePointerNoSlash', { pointer })
  if (/\/\s*?\//.test(pointer.slice(1))) throw fault('ImagePointerAdjacent', { pointer })
  if (pointer.length > 1 && pointer.endsWith('/')) throw fault('ImagePointerEndsWithSlash', { pointer })
  if (/~(?![01])/.test(pointer)) throw fault('ImagePointerEscape', { pointer })
  return pointer
    .replace(/^\/+/, '')
    .split('/')
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~').trim())
}
