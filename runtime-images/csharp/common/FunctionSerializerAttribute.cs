using System;

namespace HC.Serverless.Function.Common
{
    /// <summary>Names the serializer for handlers whose event or result is neither a stream nor a string.</summary>
    [AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Method, Inherited = false)]
    public sealed class FunctionSerializerAttribute : Attribute
    {
        /// <param name="serializerType">A class with <see cref="IFunctionSerializer"/> and a constructor without parameters.</param>
        public FunctionSerializerAttribute(Type serializerType)
        {
            SerializerType = serializerType;
        }

        public Type SerializerType { get; set; }
    }
}
