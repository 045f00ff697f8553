import { describeKernel } from '../../suites/kernel-suite.js'
import { windowOwnTaus, windowOwnTausLearned, windowTwoCurrents } from './subjects.js'

describeKernel(windowOwnTaus, windowTwoCurrents, windowOwnTausLearned)
