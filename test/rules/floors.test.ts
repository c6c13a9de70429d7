// What may know what. The floors are the ones of ARCHITECTURE.md: an import points down, never up, never sideways.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, fileExists, readRoot, type Source, sources, withoutComments } from '../support/sources.ts'

const all = sources('src')
const services = ['identity', 'image', 'network', 'volume', 'placement', 'compute'] as const

/** For each folder of src, what its files may import of ours beside their own folder. */
const floors: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ['base'],
  platform: ['base', 'model'],
  ...Object.fromEntries(services.map(service => [service, ['base', 'model', 'platform']])),
  tracer: ['base', 'model'],
  trace: ['base', 'model', 'platform', 'tracer'],
  cli: ['base', 'model', 'platform/http/client.ts', 'tracer'],
  main: ['base', 'model', 'platform', 'tracer', 'cli', 'trace', ...services],
}

/** The same inside compute, where a part may not use every other one. */
const computeFloors: Readonly<Record<string, { readonly never: readonly string[] }>> = {
  api: { never: ['scheduler', 'agent', 'virt', 'conductor'] },
  operations: { never: ['api', 'conductor', 'agent', 'virt/simulated', 'neighbours/http'] },
  scheduler: { never: ['*'] },
  virt: { never: ['*'] },
  neighbours: {
    never: ['api', 'operations', 'conductor', 'agent', 'scheduler', 'virt', 'store', 'notifications'],
  },
  agent: { never: ['api', 'operations', 'conductor', 'scheduler'] },
  periodic: { never: ['api', 'conductor', 'scheduler', 'virt/simulated', 'neighbours/http'] },
  conductor: { never: ['api', 'agent', 'virt', 'neighbours/http'] },
  store: {
    never: ['api', 'operations', 'conductor', 'agent', 'scheduler', 'virt', 'neighbours', 'notifications'],
  },
  notifications: { never: ['api', 'operations', 'conductor', 'agent', 'scheduler', 'virt', 'neighbours'] },
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

function broken(check: (source: Source) => readonly string[]): string[] {
  return all.flatMap(source => check(source).map(what => `${source.path}: ${what}`))
}

test('every folder of src has a floor', () => {
  const folders = new Set(all.map(({ path }) => path.split('/')[1]))
  assert.deepEqual([...folders].sort(), Object.keys(floors).sort())
})

test('an import points down, and a service never imports another', () => {
  const wrong = broken(({ path, imports }) => {
    const folder = path.split('/')[1] ?? ''
    const allowed = [folder, ...(floors[folder] ?? [])].map(part => `src/${part}`)
    return imports
      .filter(({ isOurs, target }) => isOurs && !allowed.some(part => isBelow(target, part)))
      .map(({ target }) => target)
  })
  assert.deepEqual(wrong, [])
})

test('inside compute, each part imports only what it may', () => {
  const wrong = broken(({ path, imports }) => {
    const [, , part = ''] = path.split('/')
    const floor = path.startsWith('src/compute/') ? computeFloors[part] : undefined
    if (!floor) return []
    const inCompute = imports.filter(
      ({ target }) => isBelow(target, 'src/compute') && !isBelow(target, `src/compute/${part}`),
    )
    // The scheduler and the drivers are given everything: of the rest of compute they know the shapes it hands them.
    const refused = floor.never.includes('*')
      ? inCompute.filter(({ target, isType }) => !(target === 'src/compute/snapshots.ts' && isType))
      : inCompute.filter(({ target }) => floor.never.some(never => isBelow(target, `src/compute/${never}`)))
    return refused.map(({ target }) => target)
  })
  assert.deepEqual(wrong, [])
})

test('the scheduler and the drivers use base and model alone, not the platform', () => {
  const wrong = broken(({ path, imports }) =>
    /^src\/compute\/(scheduler|virt)\//.test(path)
      ? imports.filter(({ target }) => isBelow(target, 'src/platform')).map(({ target }) => target)
      : [],
  )
  assert.deepEqual(wrong, [])
})

test('model runs in a browser: it imports nothing of Node', () => {
  const wrong = broken(({ path, imports }) =>
    isBelow(path, 'src/model') ? imports.filter(({ isOurs }) => !isOurs).map(({ target }) => target) : [],
  )
  assert.deepEqual(wrong, [])
})

test('every import of ours names a file that is there', () => {
  const wrong = broken(({ imports }) =>
    imports.filter(({ isOurs, target }) => isOurs && !fileExists(target)).map(({ target }) => target),
  )
  assert.deepEqual(wrong, [])
})

test('no file imports itself by way of others, types aside (they are gone when it runs)', () => {
  const next = new Map(
    all.map(({ path, imports }) => [
      path,
      imports.filter(({ isOurs, isType }) => isOurs && !isType).map(({ target }) => target),
    ]),
  )
  const done = new Set<string>()
  const cycles: string[] = []
  const walk = (path: string, above: readonly string[]): void => {
    const seen = above.indexOf(path)
    if (seen >= 0) cycles.push([...above.slice(seen), path].join(' → '))
    if (seen >= 0 || done.has(path)) return
    for (const target of next.get(path) ?? []) walk(target, [...above, path])
    done.add(path)
  }
  for (const path of next.keys()) walk(path, [])
  assert.deepEqual(cycles, [])
})

test('the environment is read in main only', () => {
  const wrong = broken(({ path, text }) =>
    !isBelow(path, 'src/main') && /\bprocess\.env\b/.test(codeOf(text)) ? ['process.env'] : [],
  )
  assert.deepEqual(wrong, [])
})

/** Who may know that there are SQLite and PostgreSQL, and why. Everybody else works with both and asks for neither. */
const engineKnowers: Readonly<Record<string, string>> = {
  'src/main/data-folder.ts': 'a file that SQLite locks holds the folder, whichever engine has the data',
  'src/main/up.ts': 'the default of --db',
  'src/platform/config/options.ts': 'the help of --db',
}
/** Their names, their packages, their error codes and words. */
const engine = /sqlite|postgres|'pg'|'(?:\d{5}|40P01|2201B)'|constraint failed|\berrcode\b/i

test('nothing outside platform/store knows which engine it is', () => {
  // The tracer reads what other clouds' engines say; by its floor it cannot reach ours.
  const outside = all.filter(
    ({ path }) => !isBelow(path, 'src/platform/store') && !isBelow(path, 'src/tracer'),
  )
  const knowers = outside.filter(({ text }) => engine.test(withoutComments(text))).map(({ path }) => path)
  assert.deepEqual(knowers, Object.keys(engineKnowers).sort())
  const wrong = broken(({ path, imports }) =>
    isBelow(path, 'src/platform/store')
      ? []
      : imports
          .filter(({ target }) => /^src\/platform\/store\/(sqlite|postgres)\//.test(target))
          .map(({ target }) => target),
  )
  assert.deepEqual(wrong, [])
})

test('no barrels: nothing is handed on from another file', () => {
  const wrong = broken(({ text }) =>
    [...codeOf(text).matchAll(/^export\s[^=\n]*\sfrom\s.*$/gm)].map(([line]) => line),
  )
  assert.deepEqual(wrong, [])
})

/** Who may look at the real clock or roll dice, and why. Everybody else gets a clock. */
const effects: Readonly<Record<string, string>> = {
  'src/base/time.ts': 'systemClock: the one clock everybody is given',
  'src/platform/journal/log.ts': "log lines carry the real time, whatever the cloud's clock says",
  'src/platform/journal/oslo-json.ts': 'relative_created counts from the start of the process',
  'src/platform/http/server.ts': 'how long closing waits, while a test clock may stand still',
  'src/compute/conductor/conductor.ts': 'how long draining waits, likewise',
  'src/identity/tables.ts': 'a migration has no clock; the row says when its key was made',
  'src/cli/io.ts': 'the real process, which main hands to the commands',
  'src/main/cloud.ts': 'main gives others their clock and their dice',
}
const effect = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b/

test('the clock and the dice are arguments', () => {
  const users = all.filter(({ text }) => effect.test(codeOf(text))).map(({ path }) => path)
  assert.deepEqual(users, Object.keys(effects).sort())
})

test('a file is one idea: none has more than 500 lines', () => {
  const long = sources('src', { tests: true })
    .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
    .filter(({ lines }) => lines > 500)
    .map(({ path, lines }) => `${path}: ${lines}`)
  assert.deepEqual(long, [])
})

test('every package we import is in package.json, and every one there is used', () => {
  const { dependencies, devDependencies } = JSON.parse(readRoot('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  > // our own file
  const nameOf = (target: string) =>
    target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/')
  const used = new Set(
    all.flatMap(({ imports }) =>
      imports
        .filter(({ isOurs, target }) => !isOurs && !target.startsWith('node:'))
        .map(({ target }) => nameOf(target)),
    ),
  )
  // Not imported: the runtime itself, which npm scripts find beside them.
  assert.deepEqual([...used, 'node'].sort(), Object.keys(dependencies).sort())
  const tests = sources('test', { tests: true }).flatMap(({ imports }) => imports)
  for (const { isOurs, target } of tests)
    if (!isOurs && !target.startsWith('node:'))
      assert.ok(nameOf(target) in { ...dependencies, ...devDependencies }, target)
})
