using System.Collections.Generic;
using System.Threading;

namespace Fungraph.Runtime
{
    /// <summary>Threads for an instance that runs many requests at once: made when needed, kept for the next request.</summary>
    internal sealed class Workers
    {
        private readonly Queue<Request> queue = new Queue<Request>();
        private readonly Function function;
        private readonly int most;
        private int threads;
        private int idle;
        private int running;

        public Workers(Function function, int most)
        {
            this.function = function;
            this.most = most;
        }

        public void Add(Request request)
        {
            lock (queue)
            {
                queue.Enqueue(request);
                if (queue.Count > idle && threads < most)
                {
                    threads++;
                    new Thread(Work) { IsBackground = true, Name = "fungraph-request" }.Start();
                }
                else
                {
                    Monitor.Pulse(queue);
                }
            }
        }

        /// <summary>Returns when every request that was added has ended.</summary>
        public void Wait()
        {
            lock (queue)
            {
                while (queue.Count + running > 0)
                {
                    Monitor.Wait(queue);
                }
            }
        }

        private void Work()
        {
            while (true)
            {
                Request request = Next();
                Output.Enter(request);
                request.Run(function);
                Output.Enter(null);
                Scope.Link.Flush();
                lock (queue)
                {
                    running--;
                    Monitor.PulseAll(queue);
                }
            }
        }

        private Request Next()
        {
            lock (queue)
            {
                idle++;
                while (queue.Count == 0)
                {
                    Monitor.Wait(queue);
                }
                idle--;
                running++;
                return queue.Dequeue();
            }
        }
    }
}
