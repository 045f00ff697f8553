import { describeKernel } from '../../suites/kernel-suite.js'
import {
  window,
  windowLearned,
  windowListed,
  windowOwnTaus,
  windowOwnTausLearned,
  windowTwoCurrents,
} from './subjects.js'

describeKernel(window, windowOwnTaus, windowLearned, windowTwoCurrents, windowListed, windowOwnTausLearned)
