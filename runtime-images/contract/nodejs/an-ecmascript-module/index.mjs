import { basename } from 'node:path';
export const handler = async (event, context) => basename(event);
