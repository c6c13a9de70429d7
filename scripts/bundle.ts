// Puts the program's sources into a few files in dist/, so that a command starts without looking up each of them.
// npm runs it after an install (`prepare`); bin/faultline takes what is there while no source is newer.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import manifest from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')

// Commands wait for these; what else we use is loaded by the cloud only, from where npm put it.
const inlined = new Set(['commander'])

// Node's own modules are loaded when something of them is first used. To import one touches everything it exports, and
// with that loads half of Node: WebCrypto for a hash, workers for the name of the process.
const builtins: Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: 'builtin' }))
    build.onLoad({ filter: /./, namespace: 'builtin' }, async ({ path }) => ({
      contents: await lazily(path),
    }))
  },
}

async function lazily(name: string): Promise<string> {
  if (name === 'node:process') return 'module.exports = process'
  const exported = Object.keys(await import(name)).filter(key => key !== 'default')
  return `
    for (const key of ${JSON.stringify(exported)})
      Object.defineProperty(exports, key, {
        enumerable: true,
        configurable: true,
        get() {
          const value = process.getBuiltinModule(${JSON.stringify(name)})[key]
          Object.defineProperty(exports, key, { enumerable: true, value })
          return value
        },
      })`
}

const esbuild = await import('esbuild').catch(() => null)
if (esbuild === null) console.log('no esbuild here (--omit=dev): the sources are run as they are')
else {
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/main/faultline.ts'],
    outdir: 'dist',
    bundle: true,
    // What commands import when they need it stays a file of its own.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: Object.keys(manifest.dependencies).filter(name => !inlined.has(name)),
    plugins: [builtins],
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'warning',
  })
}
