const base = await Promise.resolve(40);
export const handler = async (event, context) => base + event;
