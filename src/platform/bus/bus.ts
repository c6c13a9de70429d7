// Messages between the conductor and the agents: `call` waits for the answer. The memory bus is one process;
// a broker comes behind the same interface.

export interface Bus {
  /** Answers calls to `topic` (`compute.host-1`); one server a topic. */
  serve(topic: string, handler: (message: unknown) => Promise<unknown>): void
  /** Sends and waits; rejects with `NoConsumer` when nobody serves the topic, else with the server's own error. */
  call(topic: string, message: unknown): Promise<unknown>
  close(): Promise<void>
}

/** Nobody listens: the host's agent is not running. */
export class NoConsumer extends Error {
  override readonly name = 'NoConsumer'
}
