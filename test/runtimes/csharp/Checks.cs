using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Serialization;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using HC.Serverless.Function.Common;
using HC.Serverless.Function.Events;

namespace Checks
{
    public class Events
    {
        public TimerEvent Timer(TimerEvent input, IFunctionContext context)
        {
            return input;
        }

        public ApigResponse Apig(ApigEvent input, IFunctionContext context)
        {
            return new ApigResponse
            {
                StatusCode = 200,
                Headers = new Dictionary<string, string> { { "host", input.Headers["host"] } },
                Body = input.BodyText + input.QueryStringParameters["responseType"] + input.RequestContext.Stage + input.Path,
            };
        }

        public string[] Kafka(KafkaEvent input)
        {
            return input.Records[0].Messages;
        }

        public string Obs(ObsEvent input)
        {
            ObsRecord record = input.Records[0];
            return record.S3.Bucket.Name + "/" + record.S3.Object.Key + " " + record.S3.Object.Size + " "
                + record.S3.Bucket.OwnerIdentity.PrincipalId;
        }

        public string Dis(DisEvent input)
        {
            return input.StreamName + " " + input.Message.Records[0].Text;
        }

        public CtsEvent Cts(CtsEvent input)
        {
            return input;
        }
    }

    public enum Color
    {
        Red,
        Green,
    }

    public class Everything
    {
        public string Text;
        public int? Missing;
        public long Large { get; set; }
        public double Half { get; set; }
        public decimal Money { get; set; }
        public Color Color { get; set; }
        public DateTime When { get; set; }
        public Guid Id { get; set; }
        public byte[] Bytes { get; set; }
        public List<int> List { get; set; }
        public IDictionary<string, Everything> Inner { get; set; }

        [DataMember(Name = "other-name")]
        public string Renamed { get; set; }

        [IgnoreDataMember]
        public string Hidden { get; set; }
    }

    public class Json
    {
        public Everything Echo(Everything input, IFunctionContext context)
        {
            input.Hidden = "hidden";
            return input;
        }

        public string Written(object input)
        {
            Stream stream = new JsonSerializer().Serialize(new { Quote = "\"\\\u0001", Nothing = (string)null, Words = new[] { "é" } });
            return new StreamReader(stream).ReadToEnd();
        }

        public object Deep(int depth, IFunctionContext context)
        {
            object result = null;
            for (int i = 0; i < depth; i++)
            {
                result = new[] { result };
            }
            return result;
        }

        public int Depth(object input)
        {
            int depth = 0;
            for (; input != null; depth++)
            {
                input = ((List<object>)input)[0];
            }
            return depth;
        }

        [FunctionSerializer(typeof(Shouting))]
        public Everything Own(Everything input, IFunctionContext context)
        {
            return input;
        }
    }

    /// <summary>A serializer of the code's own.</summary>
    public class Shouting : IFunctionSerializer
    {
        public T Deserialize<T>(Stream ins)
        {
            return (T)(object)new Everything { Text = new StreamReader(ins).ReadToEnd() };
        }

        public Stream Serialize<T>(T value)
        {
            return new MemoryStream(Encoding.UTF8.GetBytes(((Everything)(object)value).Text.ToUpperInvariant()));
        }
    }

    internal class Streams
    {
        public Stream AtItsEnd(Stream input, IFunctionContext context)
        {
            var result = new MemoryStream();
            input.CopyTo(result);
            return result;
        }

        private Stream Closed(Stream input, IFunctionContext context)
        {
            var result = new MemoryStream();
            using (var writer = new StreamWriter(result))
            {
                writer.Write("written ");
                writer.Write(input.Length);
            }
            return result;
        }

        public static Stream OfAFile(Stream input, IFunctionContext context)
        {
            string path = Path.GetTempFileName();
            File.WriteAllText(path, "from a file");
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, 4096, FileOptions.DeleteOnClose);
        }

        public byte[] Bytes(byte[] input, IFunctionContext context)
        {
            Array.Reverse(input);
            return input;
        }

        public async Task Nothing(string input, IFunctionContext context)
        {
            await Task.Yield();
        }
    }

    public class Together
    {
        private int came;

        /// <summary>Each waits until all have come.</summary>
        public async Task<string> Meet(int number, IFunctionContext context)
        {
            Interlocked.Increment(ref came);
            while (Volatile.Read(ref came) < 4)
            {
                await Task.Delay(1);
            }
            var thread = new Thread(() => Console.WriteLine("thread of " + number));
            thread.Start();
            thread.Join();
            await Task.Run(() => Console.WriteLine("task of " + number));
            context.Logger.Logf("log of {0}", number);
            return context.RequestId;
        }

        public string Block(int number, IFunctionContext context)
        {
            Interlocked.Increment(ref came);
            while (Volatile.Read(ref came) < 4)
            {
                Thread.Sleep(1);
            }
            return context.RequestId;
        }
    }

    public class Ends
    {
        public int Overflow(int depth, IFunctionContext context)
        {
            Console.WriteLine("before");
            return Deeper(depth) + 1;
        }

        public int Memory(Stream input, IFunctionContext context)
        {
            throw new OutOfMemoryException();
        }

        private int Deeper(int depth)
        {
            return depth < 0 ? 0 : Deeper(depth + 1) + Deeper(depth + 2);
        }
    }

    public class Folder
    {
        public string Part(Stream input, IFunctionContext context)
        {
            return Parts.Part.Name;
        }
    }
}
