using System;
using System.Runtime.Serialization;
using System.Text;

namespace HC.Serverless.Function.Events
{
    /// <summary>What an LTS trigger sends: lines of a log stream.</summary>
    [DataContract]
    public class LtsEvent
    {
        [DataMember(Name = "lts")]
        public LtsData Lts { get; set; }
    }

    /// <summary>The lines.</summary>
    [DataContract]
    public class LtsData
    {
        /// <summary>Base64 of JSON; see Text.</summary>
        [DataMember(Name = "data")]
        public string Data { get; set; }

        /// <summary>The JSON text.</summary>
        [IgnoreDataMember]
        public string Text
        {
            get { return Data == null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(Data)); }
        }
    }
}
