exports.handler = (event, context, callback) => {
  const log = context.getLogger();
  log.debug('d');
  log.info('i', { a: 1 });
  log.log('l');
  log.warn('w');
  log.error('e');
  log.setLevel('error');
  log.warn('hidden');
  log.error('shown');
  callback(null);
};
