import { setLaneOffset } from '../../lanes/lanes'
import { HEADER_AT } from '../../schema/header'
import { courseStep, coursesAt } from '../../schema/window-header'
import { COURSE_TAUS } from '../../schema/window-records'

/** The record of a neuron's time constants. */
export function courseOf(n: i32): usize {
  return coursesAt() + courseStep() * <usize>n
}

/** What follows looks for crossings with the time constants of a neuron. */
export function takeUpCourse(n: i32): void {
  if (courseStep() == 0) return
  setLaneOffset(courseOf(n) + COURSE_TAUS - HEADER_AT)
}

export function putDownCourse(): void {
  setLaneOffset(0)
}
