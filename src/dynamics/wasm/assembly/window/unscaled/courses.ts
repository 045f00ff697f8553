import { setLaneOffset } from '../../lane-offset'
import { PLAN_AT } from '../../schema/plan'
import { courseStep, coursesAt } from '../../schema/window-plan'
import { COURSE_TAUS } from '../../schema/window-records'

/** The record of a neuron's time constants. */
export function courseOf(n: i32): usize {
  return coursesAt() + courseStep() * <usize>n
}

/** What follows looks for crossings with the time constants of a neuron. */
export function takeUpCourse(n: i32): void {
  if (courseStep() == 0) return
  setLaneOffset(courseOf(n) + COURSE_TAUS - PLAN_AT)
}

export function putDownCourse(): void {
  setLaneOffset(0)
}
