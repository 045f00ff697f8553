import { InputError } from '../../events/errors.js'

/**
 * What is raised where an earlier run has left checkpoints that are neither to be gone on with nor replaced.
 *
 * @param kind what a place for checkpoints is, such as `folder`
 */
export function checkpointsExist(place: string, count: number, kind: string): InputError {
  return new InputError({
    code: 'CHECKPOINTS_EXIST',
    file: place,
    field: 'checkpoints',
    found: `${count === 1 ? 'a checkpoint' : `${count} checkpoints`} of an earlier run`,
    expected: `a ${kind} without any`,
    remedy: `Go on from them with --resume, choose another ${kind}, or replace them with --overwrite.`,
  })
}
