import { basename } from 'path';
export const handler = async (event, context) => basename(event);
