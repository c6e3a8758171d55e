exports.mine = 'mine';
