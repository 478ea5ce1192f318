import { createWarrenApp } from '../lib/warren-app.ts';

createWarrenApp();
