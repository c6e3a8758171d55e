using System.IO;

namespace HC.Serverless.Function.Common
{
    /// <summary>Turns events into objects and results into bytes.</summary>
    public interface IFunctionSerializer
    {
        T Deserialize<T>(Stream ins);

        Stream Serialize<T>(T value);
    }
}
