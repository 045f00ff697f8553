import { describeKernel } from '../../suites/kernel-suite.js'
import { isLong } from '../../support/cases-of.js'
import {
  window,
  windowLearned,
  windowListed,
  windowOwnTaus,
  windowOwnTausLearned,
  windowTwoCurrents,
} from './subjects.js'

// The long form has the unscaled ones in a file of their own, so that both run at once.
if (isLong()) describeKernel(window, windowLearned, windowListed)
else describeKernel(window, windowOwnTaus, windowLearned, windowTwoCurrents, windowListed, windowOwnTausLearned)
