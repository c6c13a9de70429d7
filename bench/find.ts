// A process of its own for bench:trace, so that its memory and its start are measured too.
//   node bench/find.ts index|find LOGS ID [INDEX-FOLDER]
import { openLogFiles } from '../src/tracer/sources/log-files.ts'

const [what, folder = '', id = '', indexFolder] = process.argv.slice(2)
const began = performance.now()
const logs = await openLogFiles([folder], indexFolder === undefined ? {} : { indexFolder })
const records =
  what === 'index' ? await logs.buildIndexes() : (await logs.find(new Set([id]), null)).records.length
await logs.close()
const ms = performance.now() - began
console.log(JSON.stringify({ records, ms, peakBytes: process.resourceUsage().maxRSS * 1024 }))
