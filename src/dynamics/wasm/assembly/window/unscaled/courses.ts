import { setLaneOffset } from '../../lane-offset'
import {
  PLAN_AT,
  setInhibitionGap,
  setMembraneIsSlowerInh,
  setPerTauSynInh,
  setRateInh,
  setRatioInh,
  setScaleInh,
  setTauSynInh,
} from '../../schema/plan'
import { courseStep, coursesAt, hasTwoCurrents } from '../../schema/window-plan'
import {
  COURSE_INHIBITION_GAP,
  COURSE_MEMBRANE_IS_SLOWER_INH,
  COURSE_PER_SYNS,
  COURSE_RATE_INH,
  COURSE_RATIO_INH,
  COURSE_SCALE_INH,
  COURSE_TAU_SYN_INH,
  COURSE_TAUS,
} from '../../schema/window-records'

/** The record of a neuron's time constants. */
export function courseOf(n: i32): usize {
  return coursesAt() + courseStep() * <usize>n
}

/** What follows looks for crossings with the time constants of a neuron. */
export function takeUpCourse(n: i32): void {
  if (courseStep() == 0) return
  const course = courseOf(n)
  setLaneOffset(course + COURSE_TAUS - PLAN_AT)
  if (!hasTwoCurrents()) return
  setTauSynInh(load<f64>(course, COURSE_TAU_SYN_INH))
  setPerTauSynInh(load<f64>(course, COURSE_PER_SYNS + 8))
  setRateInh(load<f64>(course, COURSE_RATE_INH))
  setScaleInh(load<f64>(course, COURSE_SCALE_INH))
  setInhibitionGap(load<f64>(course, COURSE_INHIBITION_GAP))
  setRatioInh(load<i32>(course, COURSE_RATIO_INH))
  setMembraneIsSlowerInh(load<i32>(course, COURSE_MEMBRANE_IS_SLOWER_INH))
}

export function putDownCourse(): void {
  setLaneOffset(0)
}
