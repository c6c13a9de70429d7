// A password the API was setting when the process ended, or the database failed: what came of it is not known. The
// password is not kept, so nothing is done again; the server is let go and the action says so.
import { ExplainedError } from '../errors.ts'
import { revertTask } from './failing.ts'
import { operation, step } from './operation.ts'

export const changePassword = operation<object, object>({
  kind: 'changePassword',
  steps: [
    step('set_password', {
      event: 'compute_set_admin_password',
      at: 'host',
      async run() {
        const reason = 'It is not known whether the password was set: set it again.'
        throw new ExplainedError('PasswordChangeInterrupted', 'The cloud was interrupted meanwhile.', {
          admin: reason,
          owner: reason,
        })
      },
    }),
  ],
  failed: revertTask,
})
