// The bus inside one process. Messages are copied, so that no side can change what the other holds.
import { type Bus, NoConsumer } from '../bus.ts'

export function memoryBus(): Bus {
  const handlers = new Map<string, (message: unknown) => Promise<unknown>>()
  return {
    serve(topic, handler) {
      handlers.set(topic, handler)
    },
    async call(topic, message) {
      const handler = handlers.get(topic)
      if (!handler) throw new NoConsumer(`nobody serves ${topic}`)
      return structuredClone(await handler(structuredClone(message)))
    },
    async close() {
      handlers.clear()
    },
  }
}
