// The sources as text, for the rules about them: files, what they import, and their code without comments.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

export interface Import {
  /** Path from the root (`src/base/ids.ts`) for our own files; the name as written for everything else. */
  readonly target: string
  readonly isOurs: boolean
  /** Nothing of it remains at run time. */
  readonly isType: boolean
}

export interface Source {
  /** Path from the root, with forward slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly Import[]
}

// `import …`, `export … from …` over one or several lines, and `import('…')`.
const statement = /^(import|export)\s+(type\s+)?(?:([\w*{}\s,$]+?)\s+from\s+)?'([^']+)'/gm
const call = /\bimport\('([^']+)'\)/g

/** All files below `folder` that match; tests are left out unless asked for. */
export function sources(folder: string, options: { readonly tests?: boolean } = {}): Source[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root })
    .map(path => path.replaceAll('\\', '/'))
    .filter(path => options.tests === true || !path.endsWith('.test.ts'))
    .sort()
    .map(path => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, imports: importsOf(path, text) }
    })
}

function importsOf(path: string, text: string): Import[] {
  const found: Import[] = []
  const add = (name: string, isType: boolean) => {
    const isOurs = name.startsWith('.')
    const target = isOurs ? relative(root, join(root, dirname(path), name)).replaceAll('\\', '/') : name
    found.push({ target, isOurs, isType })
  }
  for (const [, , type, names = '', name] of text.matchAll(statement)) {
    const inBraces = /^\{([^}]*)\}$/.exec(names.trim())?.[1]
    const onlyTypes = inBraces
      ?.split(',')
      .filter(item => item.trim() !== '')
      .every(item => item.trim().startsWith('type '))
    add(name!, type !== undefined || onlyTypes === true) // the group is not optional
  }
  for (const [, name] of withoutComments(text).matchAll(call)) add(name!, false) // likewise
  return found
}

/** The text without comments. Their place stays empty, line for line. `://` is an address, not a comment. */
export const withoutComments = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, whole => whole.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`])\/\/[^\n]*/gm, '$1')

/** The text without comments and without what stands in single quotes, line for line. */
export const codeOf = (text: string): string => withoutComments(text).replace(/'(?:[^'\\\n]|\\.)*'/g, "''")

export const fileExists = (path: string): boolean => existsSync(join(root, path))
export const readRoot = (path: string): string => readFileSync(join(root, path), 'utf8')
