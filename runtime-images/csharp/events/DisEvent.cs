using System;
using System.Runtime.Serialization;
using System.Text;

namespace HC.Serverless.Function.Events
{
    /// <summary>What a DIS trigger sends: records of a stream.</summary>
    [DataContract]
    public class DisEvent
    {
        [DataMember(Name = "ShardID")]
        public string ShardID { get; set; }

        [DataMember(Name = "Message")]
        public DisMessage Message { get; set; }

        [DataMember(Name = "Tag")]
        public string Tag { get; set; }

        [DataMember(Name = "StreamName")]
        public string StreamName { get; set; }
    }

    /// <summary>A batch of records.</summary>
    [DataContract]
    public class DisMessage
    {
        [DataMember(Name = "next_partition_cursor")]
        public string NextPartitionCursor { get; set; }

        [DataMember(Name = "records")]
        public DisRecord[] Records { get; set; }

        [DataMember(Name = "millis_behind_latest")]
        public string MillisBehindLatest { get; set; }
    }

    /// <summary>One record.</summary>
    [DataContract]
    public class DisRecord
    {
        [DataMember(Name = "partition_key")]
        public string PartitionKey { get; set; }

        /// <summary>Base64; see Text.</summary>
        [DataMember(Name = "data")]
        public string Data { get; set; }

        [DataMember(Name = "sequence_number")]
        public string SequenceNumber { get; set; }

        /// <summary>The data as text.</summary>
        [IgnoreDataMember]
        public string Text
        {
            get { return Data == null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(Data)); }
        }
    }
}
