// JSON kept in text columns and read back. A parse failure here is a damaged database, not a bad request.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** Parses text that we wrote ourselves; the caller names the shape it wrote. */
export const readJson = <T>(text: string): T => JSON.parse(text) as T // written by us from a T

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
