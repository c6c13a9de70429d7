// Reading JSON that came over the wire, without believing anything about it.
import { isObject } from '../base/json.ts'

/** A JSON object as a service sent it. */
export type Item = Readonly<Record<string, unknown>>

const none: Item = {}
export const asItem = (value: unknown): Item => (isObject(value) ? value : none)
export const asItems = (value: unknown): readonly Item[] => (Array.isArray(value) ? value.map(asItem) : [])

/** The object under `key` of a body: `itemOf(reply.body, 'server')`. */
export const itemOf = (body: unknown, key: string): Item => asItem(asItem(body)[key])
/** The list under `key` of a body: `itemsOf(reply.body, 'servers')`. */
export const itemsOf = (body: unknown, key: string): readonly Item[] => asItems(asItem(body)[key])

/** The text under `key`; numbers as text; empty when it is anything else or missing. */
export function textOf(item: Item, key: string): string {
  const value = item[key]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter(entry => typeof entry === 'string') : []

/** A copy without some keys. */
export const without = (item: Item, ...keys: readonly string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key)))
