import { stopEmulator } from './emulator.ts';

const outcome = await stopEmulator();
console.log(outcome === 'stopped' ? 'The local AWS is stopped.' : 'The local AWS was not running.');
