// The process behind bare.ts: reads what to send from standard input, prints where it listens.

import { text } from 'node:stream/consumers'
import fastify from 'fastify'

const { path, headers, body } = JSON.parse(await text(process.stdin)) as {
  path: string
  headers: Record<string, string>
  body: string
}
const app = fastify()
app.get(path.replace(/[^/]+$/, ':id'), (_request, reply) => {
  reply.headers(headers).send(body)
})
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
console.log(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`)
