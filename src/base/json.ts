// JSON kept in text columns and read back. A parse failure here is a damaged database, not a bad request.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** Parses text that we wrote ourselves; the caller names the shape it wrote. */
export const readJson = <T>(text: string): T => JSON.parse(text) as T // written by us from a T

/**
 * Text that JSON.stringify writes as it is: numbers JavaScript would print otherwise (`1.0`, more than 2^53).
 * JSON.rawJSON is in Node since 22; TypeScript's library does not know it yet.
 */
export const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON

export const isArray: (value: unknown) => value is readonly unknown[] = Array.isArray

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
