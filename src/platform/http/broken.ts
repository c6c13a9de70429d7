// What never becomes a request: bytes Node's parser refuses (methods it does not know among them), headers without end,
// requests that stop half-way. Nobody has been asked who they are, so no service answers; it is said in one clean reply
// and the connection is closed.
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

const sentences = {
  400: 'This is no HTTP request that can be read.',
  408: 'The request did not come in time.',
  431: 'The headers of the request are too large.',
} as const

const statusOf = (code: string | undefined): keyof typeof sentences => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  return code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
}

/** Listener of `clientError`. */
export function refuseBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = statusOf(error.code)
  const title = STATUS_CODES[status]
  const body = JSON.stringify({ error: { code: status, title, message: sentences[status] } })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
