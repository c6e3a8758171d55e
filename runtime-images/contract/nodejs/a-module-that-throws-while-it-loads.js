throw new Error('early');
