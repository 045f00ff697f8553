import { basename, extname } from 'node:path'

/** Whether what stands for a task is a file of a module of the user's own. */
export function isTaskFile(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name)
}

/** By which runs and pictures know a task: its name, or that of its file without folder and ending. */
export function titleOfTask(name: string): string {
  return isTaskFile(name) ? basename(name, extname(name)) : name
}
