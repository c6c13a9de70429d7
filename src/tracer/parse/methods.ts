// cinder and manila log a request in two lines, and the second, with the status, lacks the method.
import type { LogRecord } from '../record.ts'
import { unknownMethod } from './access.ts'
import { methodsMax } from './bounds.ts'

const requestPattern = /^([A-Z]{3,7}) https?:\/\/\S+$/

export class Methods {
  private readonly byRequest = new Map<string, string>()

  /** Remembers the method a record tells, and gives one to the record that lacks it. */
  complete(record: LogRecord): LogRecord {
    const { localId, message, access } = record
    if (localId === null) return record
    if (access?.method === unknownMethod) {
      const method = this.byRequest.get(localId)
      return method === undefined ? record : { ...record, access: { ...access, method } }
    }
    if (message.includes(' http')) {
      const method = requestPattern.exec(message)?.[1]
      if (method !== undefined) this.remember(localId, method)
    }
    return record
  }

  private remember(localId: string, method: string): void {
    this.byRequest.delete(localId)
    this.byRequest.set(localId, method)
    if (this.byRequest.size <= methodsMax) return
    for (const oldest of this.byRequest.keys()) {
      this.byRequest.delete(oldest)
      break
    }
  }
}
