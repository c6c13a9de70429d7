// What may be told of servers from outside (facts: api-surface.md §7).
import { type ExternalEventName, externalEvents } from '../../../model/external-events.ts'
import { object, perVersion, rooted } from './parameters.ts'

const names = Object.keys(externalEvents) as readonly ExternalEventName[] // its own keys

export const externalEventsBody = perVersion(version =>
  rooted('events', {
    type: 'array',
    minItems: 1,
    items: object(
      {
        server_uuid: { type: 'string', format: 'uuid' },
        name: { type: 'string', enum: names.filter(name => version.has(externalEvents[name])) },
        status: { type: 'string', enum: ['failed', 'completed', 'in-progress'] },
        tag: { type: 'string', maxLength: 255 },
      },
      ['server_uuid', 'name'],
    ),
  }),
)
