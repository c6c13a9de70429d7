// Server-sent events, read as they come.

export interface SentEvent {
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
  readonly data: any
}

/** The events of a stream until it ends; comments are left out. */
export async function* readEvents(response: Response): AsyncGenerator<SentEvent> {
  let text = ''
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
      text = text.slice(end + 2)
      if (event !== undefined && data !== undefined) yield { event, data: JSON.parse(data) }
    }
  }
}
