using System.Collections.Generic;
using System.Runtime.Serialization;

namespace HC.Serverless.Function.Events
{
    /// <summary>What a function answers to an APIG trigger.</summary>
    [DataContract]
    public class ApigResponse
    {
        [DataMember(Name = "statusCode")]
        public int StatusCode { get; set; }

        [DataMember(Name = "headers")]
        public Dictionary<string, string> Headers { get; set; }

        /// <summary>Text, or base64 with IsBase64Encoded.</summary>
        [DataMember(Name = "body")]
        public string Body { get; set; }

        [DataMember(Name = "isBase64Encoded")]
        public bool IsBase64Encoded { get; set; }
    }
}
