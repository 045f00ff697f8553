import { describeKernel } from '../../suites/kernel-suite.js'
import { windowTwoCurrents } from './subjects.js'

describeKernel(windowTwoCurrents)
