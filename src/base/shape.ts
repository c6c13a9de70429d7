// JSON Schemas with the type of what they describe, so that a shape is written once: the schema is the type.
//   const point = object({ x: number(), label: nullable(text()) })
//   type Point = Of<typeof point>          // { readonly x: number; readonly label: string | null }

declare const described: unique symbol
/** A JSON Schema (draft 2020-12) of a `T`. */
export interface Shape<T> {
  readonly [described]?: T
  readonly [keyword: string]: unknown
}
export type Of<S> = S extends Shape<infer T> ? T : never

const shape = <T>(schema: object, description?: string): Shape<T> =>
  (description === undefined ? schema : { ...schema, description }) as Shape<T> // the type is only said, never held

export const text = (description?: string): Shape<string> => shape({ type: 'string' }, description)
export const whole = (description?: string): Shape<number> => shape({ type: 'integer' }, description)
export const number = (description?: string): Shape<number> => shape({ type: 'number' }, description)
export const flag = (description?: string): Shape<boolean> => shape({ type: 'boolean' }, description)

/** One of the texts. */
export const choice = <const T extends readonly string[]>(of: T, description?: string): Shape<T[number]> =>
  shape({ type: 'string', enum: of }, description)

export const nullable = <T>(inner: Shape<T>, description?: string): Shape<T | null> =>
  shape({ anyOf: [inner, { type: 'null' }] }, description)

export const list = <T>(items: Shape<T>, description?: string): Shape<readonly T[]> =>
  shape({ type: 'array', items }, description)

/** An object with exactly these members, all of them there. */
export const object = <P extends Readonly<Record<string, Shape<unknown>>>>(
  properties: P,
  description?: string,
): Shape<{ readonly [K in keyof P]: Of<P[K]> }> =>
  shape(
    { type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
    description,
  )
