import { tearDown } from './deployed-stack.ts';

/** After the integration tests: ends the local AWS if they started it. */
export default tearDown;
