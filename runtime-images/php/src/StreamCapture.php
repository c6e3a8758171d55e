<?php

namespace Fungraph\Runtime;

/** Takes what the code writes to STDOUT or STDERR. */
final class StreamCapture extends \php_user_filter
{
    private const NAME = 'fungraph.output';

    /** @param resource $stream */
    public static function install($stream, int $level): void
    {
        if (!in_array(self::NAME, stream_get_filters(), true)) {
            stream_filter_register(self::NAME, self::class);
        }
        stream_filter_append($stream, self::NAME, STREAM_FILTER_WRITE, $level);
    }

    /**
     * @param resource $in
     * @param resource $out
     * @param int $consumed
     * @param bool $closing
     */
    #[\ReturnTypeWillChange]
    public function filter($in, $out, &$consumed, $closing)
    {
        $ours = Output::isOurs();
        while ($bucket = stream_bucket_make_writeable($in)) {
            $consumed += $bucket->datalen;
            if ($ours) {
                Output::current()->write($this->params, $bucket->data);
            } else {
                stream_bucket_append($out, $bucket);
            }
        }
        return $ours ? PSFS_FEED_ME : PSFS_PASS_ON;
    }
}
