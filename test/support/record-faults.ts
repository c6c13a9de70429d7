// Preloaded into every test process of `npm test` (`node --import`): notes which rows of the error catalogue the code
// really refused with. A row a test only mentions, or makes itself, does not count. See test/rules/provoked.ts.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorRow } from '../../src/model/errors/row.ts'
import { errors } from '../../src/model/errors.ts'

const folder = process.env.FAULTLINE_RECORD

if (folder !== undefined) {
  const provoked = new Set<string>()
  for (const [code, row] of Object.entries<ErrorRow>(errors))
    Object.defineProperty(errors, code, {
      enumerable: true,
      get() {
        if (!provoked.has(code) && isMadeBySources(new Error().stack ?? '')) provoked.add(code)
        return row
      },
    })
  process.on('exit', () => {
    if (provoked.size > 0)
      appendFileSync(join(folder, `${process.pid}.txt`), [...provoked].map(code => `${code}\n`).join(''))
  })
}

// Error, this getter, the constructor of Fault, `fault()`, and then whoever refused.
function isMadeBySources(stack: string): boolean {
  const [, , making = '', , caller = ''] = stack.split('\n')
  return making.includes('new Fault ') && !caller.includes('.test.ts')
}
