import { holds } from './law-tests.ts'
import { law } from './laws/no-bay-stays-occupied-by-nothing.ts'

holds(law)
