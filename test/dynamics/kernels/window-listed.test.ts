import { describeKernel } from '../../suites/kernel-suite.js'
import { windowListed } from './subjects.js'

describeKernel(windowListed)
