using System;
using System.Collections.Generic;
using System.Runtime.Serialization;
using System.Text;

namespace HC.Serverless.Function.Events
{
    /// <summary>What an APIG trigger sends for one HTTP request.</summary>
    [DataContract]
    public class ApigEvent
    {
        /// <summary>Base64 where IsBase64Encoded says so; see BodyText.</summary>
        [DataMember(Name = "body")]
        public string Body { get; set; }

        [DataMember(Name = "requestContext")]
        public ApigRequestContext RequestContext { get; set; }

        [DataMember(Name = "queryStringParameters")]
        public Dictionary<string, string> QueryStringParameters { get; set; }

        [DataMember(Name = "httpMethod")]
        public string HttpMethod { get; set; }

        [DataMember(Name = "pathParameters")]
        public Dictionary<string, string> PathParameters { get; set; }

        /// <summary>Names in lower case.</summary>
        [DataMember(Name = "headers")]
        public Dictionary<string, string> Headers { get; set; }

        [DataMember(Name = "path")]
        public string Path { get; set; }

        [DataMember(Name = "isBase64Encoded")]
        public bool IsBase64Encoded { get; set; }

        /// <summary>The body as text, decoded where it must be.</summary>
        [IgnoreDataMember]
        public string BodyText
        {
            get { return IsBase64Encoded && Body != null ? Encoding.UTF8.GetString(Convert.FromBase64String(Body)) : Body; }
        }
    }

    /// <summary>Where the request came in.</summary>
    [DataContract]
    public class ApigRequestContext
    {
        [DataMember(Name = "apiId")]
        public string ApiId { get; set; }

        [DataMember(Name = "requestId")]
        public string RequestId { get; set; }

        [DataMember(Name = "stage")]
        public string Stage { get; set; }
    }
}
