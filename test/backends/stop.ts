import { stopAll } from './start.ts';

/** After the contracts: ends every server that they started. */
export default stopAll;
