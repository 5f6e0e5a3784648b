import { ProblemError } from '../../errors.js'

/** The error that legacy clients expect for a run that does not exist: they would take a 404 for a wrong address. */
export function instanceNotFound(): ProblemError {
  return new ProblemError('instance_not_found', 'Agent instance not found')
}
