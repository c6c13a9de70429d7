// jsonschema's reasons in Nova's sentences (facts: faults.md §4), for bodies and queries.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { querySchema } from './query.ts'
import { bodyMessage, queryMessage, validator } from './validate.ts'

const object = (properties: object, rest: object = {}) => ({ type: 'object', properties, ...rest })
const said = (schema: object, value: unknown): string | null => {
  const invalid = validator(schema)(value)
  return invalid && bodyMessage(invalid)
}

const field = (name: string, value: string, reason: string) =>
  `Invalid input for field/attribute ${name}. Value: ${value}. ${reason}`

test('what is wrong at the root is said by itself, deeper with its name and value', () => {
  const schema = object({ server: object({ name: { type: 'string' } }) }, { required: ['server'] })
  assert.equal(said(schema, {}), "'server' is a required property")
  assert.equal(said(schema, null), "None is not of type 'object'")
  assert.equal(said(schema, { server: { name: 5 } }), field('name', '5', "5 is not of type 'string'"))
  assert.equal(said(schema, { server: { name: 'vm' } }), null)
})

test('list items are named by their index', () => {
  const schema = object({ tags: { type: 'array', items: { type: 'string' } } })
  assert.equal(said(schema, { tags: ['a', true] }), field('1', 'True', "True is not of type 'string'"))
})

const reasons: readonly (readonly [object, unknown, string])[] = [
  [{ type: ['string', 'null'] }, true, "True is not of type 'string', 'null'"],
  [{ type: 'string', minLength: 1 }, '', "'' should be non-empty"],
  [{ type: 'array', minItems: 1 }, [], '[] should be non-empty'],
  [{ type: 'object', minProperties: 1 }, {}, '{} should be non-empty'],
  [{ type: 'string', minLength: 3 }, 'ab', "'ab' is too short"],
  [{ type: 'array', minItems: 2 }, [1], '[1] is too short'],
  [{ type: 'object', minProperties: 2 }, { a: 1 }, "{'a': 1} does not have enough properties"],
  [{ type: 'string', maxLength: 3 }, 'aaaa', "'aaaa' is too long"],
  [{ type: 'array', maxItems: 1 }, [1, 2], '[1, 2] is too long'],
  [{ type: 'array', maxItems: 0 }, [1], '[1] is expected to be empty'],
  [{ type: 'object', maxProperties: 1 }, { a: 1, b: 2 }, "{'a': 1, 'b': 2} has too many properties"],
  [{ type: 'string', pattern: '^[0-9]*$' }, '-1', "'-1' does not match '^[0-9]*$'"],
  [{ type: 'integer', minimum: 1 }, 0, '0 is less than the minimum of 1'],
  [{ type: ['integer', 'string'], maximum: 5 }, '9', '9 is greater than the maximum of 5'],
  [{ type: 'number', exclusiveMinimum: 0 }, 0, '0 is less than or equal to the minimum of 0'],
  [{ enum: ['SOFT', 'HARD'] }, 'x', "'x' is not one of ['SOFT', 'HARD']"],
  [{ type: 'string', format: 'uuid' }, 'x', "'x' is not a 'uuid'"],
  [{ type: 'string', format: 'date-time' }, 'x', "'x' is not a 'date-time'"],
  [{ type: 'string', format: 'ipv4' }, '1.2.3', "'1.2.3' is not a 'ipv4'"],
  [{ type: 'string', format: 'base64' }, '*', "'*' is not a 'base64'"],
  [{ type: 'string', format: 'regex' }, '[', "'[' is not a 'regex'"],
  [{ type: 'string', format: 'cidr' }, '10.0.0.0/33', "'10.0.0.0/33' is not a 'cidr'"],
  [{ type: 'array', uniqueItems: true }, ['a', 'a'], "['a', 'a'] has non-unique elements"],
  [
    { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    'x',
    "'x' is not valid under any of the given schemas",
  ],
  [{ type: 'string' }, { a: null, b: [1.5] }, "{'a': None, 'b': [1.5]} is not of type 'string'"],
  [{ type: 'integer' }, "it's", "\"it's\" is not of type 'integer'"],
]
for (const [schema, value, reason] of reasons)
  test(`${reason}`, () => {
    const message = said(object({ it: schema }), { it: value })
    assert.ok(message?.endsWith(`. ${reason}`), message ?? 'accepted')
  })

test('unexpected names stand in one sentence, sorted', () => {
  const closed = object({ a: {} }, { additionalProperties: false })
  assert.equal(said(closed, { foo: 1 }), "Additional properties are not allowed ('foo' was unexpected)")
  assert.equal(
    said(closed, { foo: 1, bar: 2 }),
    "Additional properties are not allowed ('bar', 'foo' were unexpected)",
  )
})

test('names outside a pattern are told the pattern', () => {
  const schema = {
    type: 'object',
    patternProperties: { '^[a-z]{1,5}$': { type: 'string' } },
    additionalProperties: false,
  }
  assert.equal(said(schema, { 'A b': '' }), "'A b' does not match any of the regexes: '^[a-z]{1,5}$'")
  assert.equal(said(schema, { B: '', A: '' }), "'A', 'B' do not match any of the regexes: '^[a-z]{1,5}$'")
})

test('of several errors the one nearest the root is told', () => {
  const schema = object({ a: object({ b: { type: 'string' } }), c: { type: 'string' } })
  assert.equal(said(schema, { a: { b: 1 }, c: 2 }), field('c', '2', "2 is not of type 'string'"))
})

test('an anyOf gives way to its one deepest error', () => {
  const schema = object({
    networks: {
      oneOf: [
        { type: 'array', items: object({ port: { type: 'string', format: 'uuid' } }) },
        { enum: ['auto'] },
      ],
    },
  })
  assert.equal(said(schema, { networks: [{ port: 'x' }] }), field('port', 'x', "'x' is not a 'uuid'"))
})

test('a name that is refused is told the rule, not the field', () => {
  const schema = object({ name: { type: 'string', format: 'name' } })
  const rule = 'printable characters. Can not start or end with whitespace.'
  for (const name of [' vm', 'vm ', 'a\nb', '\u200b', '']) {
    const message = `An invalid 'name' value was provided. The name must be: ${rule}`
    assert.equal(said(schema, { name }), message, JSON.stringify(name))
  }
  assert.equal(said(schema, { name: 'vm äöü 漢字' }), null)
})

test('query parameters are named, with the value that is wrong', () => {
  const schema = querySchema(
    {
      limit: { type: 'string', pattern: '^[0-9]*$' },
      'changes-since': { type: 'string', format: 'date-time' },
    },
    { multi: { sort_key: { type: 'string', enum: ['a', 'b'] } }, others: 'refused' },
  )
  const told = (query: object) => {
    const invalid = validator(schema)(query)
    return invalid && queryMessage(invalid)
  }
  const parameter = (name: string, value: string, reason: string) =>
    `Invalid input for query parameters ${name}. Value: ${value}. ${reason}`
  assert.equal(told({ limit: ['-1'] }), parameter('limit', '-1', "'-1' does not match '^[0-9]*$'"))
  assert.equal(told({ 'changes-since': ['x'] }), parameter('changes-since', 'x', "'x' is not a 'date-time'"))
  assert.equal(told({ limit: ['1', '2'] }), parameter('limit', "['1', '2']", "['1', '2'] is too long"))
  assert.equal(told({ sort_key: ['a', 'c'] }), parameter('sort_key', 'c', "'c' is not one of ['a', 'b']"))
  assert.equal(told({ zzz: ['1'] }), "Additional properties are not allowed ('zzz' was unexpected)")
  assert.equal(told({ sort_key: ['a', 'b'], limit: ['5'] }), null)
})
